# technique: starts the forbidden program by find, by -exec, -execdir and -ok
# source: find(1)
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: find
# event: ProcessExec
find . -maxdepth 0 -exec ./forbidden \;; find vault -name tool -execdir ./tool \;; yes | find . -maxdepth 0 -ok ./forbidden \;
