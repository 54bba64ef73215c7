# technique: starts the forbidden program by ed, by a shell command
# source: ed(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: ed
# event: ProcessExec
printf '!./forbidden\nq\n' | ed -s permitted.txt
