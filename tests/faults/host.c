/*
 * host: runs a .NET program in this process, as its own launcher would. What is linked in with it stands between that program and libc, since a symbol
 * of the main program is found first: so a fault can be injected into a program that refuses LD_PRELOAD, without a switch for it in the program.
 *
 *   cc -rdynamic -DHOSTFXR='"/usr/share/dotnet/host/fxr/10.0.0/libhostfxr.so"' -DDOTNET_ROOT_DIRECTORY='"/usr/share/dotnet"' -o host host.c FAULT.c -ldl
 *   host PROGRAM.dll ARGUMENTS...
 */
#include <dlfcn.h>
#include <stdio.h>

/* hostfxr.h of dotnet/runtime, docs/design/features/native-hosting.md */
typedef int (*hostfxr_main_startupinfo)(int argc, const char **argv, const char *host_path, const char *dotnet_root, const char *app_path);

int main(int argc, char **argv)
{
    void *library = dlopen(HOSTFXR, RTLD_NOW);
    hostfxr_main_startupinfo run = library == NULL ? NULL : (hostfxr_main_startupinfo)dlsym(library, "hostfxr_main_startupinfo");
    if (argc < 2 || run == NULL) {
        fprintf(stderr, "host: %s\n", argc < 2 ? "PROGRAM.dll ARGUMENTS..." : dlerror());
        return 2;
    }
    return run(argc - 1, (const char **)argv + 1, argv[0], DOTNET_ROOT_DIRECTORY, argv[1]);
}
