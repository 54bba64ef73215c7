# technique: starts the forbidden program by socat, by EXEC and SYSTEM
# source: socat(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: socat
# event: ProcessExec
socat -u EXEC:./forbidden STDOUT; socat -u SYSTEM:vault/tool STDOUT
