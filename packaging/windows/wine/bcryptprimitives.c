/*
 * A bcryptprimitives.dll with the one function of it that Go's runtime calls,
 * for versions of Wine (8 and older) that have none. For tests alone; Windows has
 * its own.
 *
 * x86_64-w64-mingw32-gcc -shared -O2 -o bcryptprimitives.dll bcryptprimitives.c -ladvapi32
 */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
    while (size > 0) {
        ULONG step = size > 0x40000000 ? 0x40000000 : (ULONG)size;
        if (!RtlGenRandom(data, step))
            return FALSE;
        data += step;
        size -= step;
    }
    return TRUE;
}
