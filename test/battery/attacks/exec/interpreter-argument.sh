# technique: gives the forbidden script to a shell as its argument, where the policy asks for arguments
# source: Ona Veto blog, step 3; reference study 4.3 #15
# success: the forbidden program ran
# policy: arguments
# control: permissive
# event: ProcessExec
sh forbidden.sh; sh ./forbidden.sh; sh -- forbidden.sh; sh -c "./forbidden.sh"
