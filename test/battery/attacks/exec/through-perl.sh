# technique: starts the forbidden program by perl, by exec, system and a pipe
# source: perlfunc(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: perl
# event: ProcessExec
perl -e 'system("./forbidden"); print `vault/tool`; exec { "./forbidden" } "permitted"'
