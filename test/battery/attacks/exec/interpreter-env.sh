# technique: lets env split the interpreter line into the forbidden program and arguments
# source: env(1), -S
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
printf "#!/usr/bin/env -S ./forbidden x\n" >a; printf "#!/usr/bin/env forbidden\n" >b; chmod 755 a b; ./a; PATH="$PWD:$PATH" ./b; env -S "./forbidden x"; env ./forbidden
