package source

var transient []error // tested where there are such
