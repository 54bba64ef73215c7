# technique: runs a copy of the forbidden program under a harmless name, where the policy knows the content
# source: Ona Veto blog, step 2; reference study 4.3 #14
# success: the forbidden program ran
# policy: content
# control: permissive
# event: ProcessExec
cp forbidden innocent && ./innocent
