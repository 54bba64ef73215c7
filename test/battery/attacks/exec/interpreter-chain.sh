# technique: names a permitted script as the interpreter of another, until the forbidden program is the last
# source: execve(2): interpreters may be scripts, since Linux 2.6.28 four deep
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
printf '#!%s\n' "$PWD/forbidden" >a
printf '#!%s\n' "$PWD/a" >b
printf '#!%s\n' "$PWD/b" >c
ln -s forbidden way; printf '#!%s\n' "$PWD/way" >d
chmod 755 a b c d
./a; ./b; ./c; ./d
