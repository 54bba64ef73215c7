# technique: runs the forbidden program by other spellings of its path
# source: reference study 4.3 #10 and #16
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
.//forbidden; vault/../forbidden; "$PWD"/./vault//tool; (cd vault && ./tool); //"$PWD"/forbidden
