# technique: runs the forbidden program by /proc/self/root, /proc/self/cwd and /proc/self/fd
# source: Ona Veto blog, step 1
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
"/proc/self/root$PWD/forbidden"; /proc/self/cwd/forbidden; exec 7<forbidden; /proc/self/fd/7; /dev/fd/7; "/proc/$$/cwd/vault/tool"
