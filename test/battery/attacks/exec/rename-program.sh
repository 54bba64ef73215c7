# technique: runs the forbidden program under another name, where the policy knows the content
# source: reference study 4.3 #14; rename(2)
# success: the forbidden program ran
# policy: content
# control: permissive
# event: ProcessExec
mv forbidden innocent && ./innocent
