# technique: writes the interpreter line in every form that the kernel reads: blanks, tabs, no end, a zero byte,
# the longest
# source: execve(2), interpreter scripts; fs/binfmt_script.c
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
long=./$(printf '%0200d' 0 | sed 's/00/.\//g')forbidden
i=0
for form in '#!\t ./forbidden\n' '#! ./forbidden' '#!./forbidden\0x\n' '#!./forbidden \t x y \n' "#!$long\n" '#!./vault/../forbidden\t\n' '#!./vault//tool\n\n\n'; do
  i=$((i + 1))
  printf "$form" >s$i
  chmod 755 s$i
  ./s$i
done
