// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens and closes argv[1] twenty times and calls into it.
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
  int sum = 0, loads = 0;
  for (int i = 0; argc == 2 && i < 20; ++i) {
    void *handle = dlopen(argv[1], RTLD_NOW);
    if (!handle) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    int (*answer)(int) = (int (*)(int))dlsym(handle, "answer");
    sum += answer(21);
    ++loads;
    dlclose(handle);
  }
  printf("%d loads, sum %d\n", loads, sum);
  return 0;
}
