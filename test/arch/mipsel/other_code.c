// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions in MIPS16 or microMIPS code have no sled, with the reason in the report, by an attribute and by
// an option.
// RUN: rm -f %t.report
// RUN: env LUGE_PLUGIN='exits=on report=%t.report' %cc -O2 -DCODE=mips16 -msoft-float -fno-pic -mno-abicalls -c -o %t.o %s
// RUN: env LUGE_PLUGIN='exits=on report=%t.report' %cc -O2 -DCODE=micromips -msoft-float -fno-pic -mno-abicalls -c -o %t.o %s
// RUN: %check(REPORT) < %t.report
// RUN: rm -f %t.report
// RUN: env LUGE_PLUGIN=report=%t.report %cc -O2 -DCODE=noinline -mmicromips -msoft-float -fno-pic -mno-abicalls -c -o %t.o %s
// RUN: %check(UNIT) < %t.report

__attribute__((CODE)) int other(int x) { return x + 1; }
__attribute__((CODE, patchable_function_entry(3))) int wanted(int x) { return x + 3; }
int plain(int x) { return x + 4; }

// REPORT:      left code of another instruction set (MIPS16, microMIPS) {{.*}} other
// REPORT-NEXT: left code of another instruction set (MIPS16, microMIPS) {{.*}} wanted
// REPORT-NEXT: taken default {{.*}} plain
// REPORT-NEXT: left code of another instruction set (MIPS16, microMIPS) {{.*}} other
// REPORT-NEXT: left code of another instruction set (MIPS16, microMIPS) {{.*}} wanted
// REPORT-NEXT: taken default {{.*}} plain
// UNIT:      left code of another instruction set {{.*}} other
// UNIT-NEXT: left code of another instruction set {{.*}} wanted
// UNIT-NEXT: left code of another instruction set {{.*}} plain
