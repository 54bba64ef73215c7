# technique: runs the forbidden program by a symbolic link
# source: reference study 4.3 #16; symlink(2)
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
ln -s forbidden innocent && ./innocent; ln -s vault open && open/tool
