// Package e2e tests the whole as people use it: real devices, on hosts of a
// network made on this machine by package lab, doing what people do and
// suffering what computers suffer. Each file is about one promise.
package e2e
