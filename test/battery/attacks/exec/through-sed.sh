# technique: starts the forbidden program by sed, by its command e
# source: sed(1), e
# success: the forbidden program ran
# policy: programs
# control: permissive
# needs: sed
# event: ProcessExec
echo x | sed '1e ./forbidden'; echo vault/tool | sed 's/$//e'
