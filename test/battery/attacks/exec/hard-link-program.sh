# technique: runs the forbidden program by a second name, where the policy knows the content
# source: reference study 4.3 #14; link(2)
# success: the forbidden program ran
# policy: content
# control: permissive
# event: ProcessExec
ln forbidden innocent && ./innocent
