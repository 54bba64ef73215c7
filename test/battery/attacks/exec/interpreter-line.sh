# technique: names the forbidden program as the interpreter of a script
# source: execve(2), interpreter scripts
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
printf "#!%s\n" "$PWD/forbidden" >a; printf "#!forbidden\n" >b; printf "#! \t%s x\n" "$PWD/vault/tool" >c; chmod 755 a b c; ./a; ./b; ./c
