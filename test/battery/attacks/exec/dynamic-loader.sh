# technique: names the forbidden program as the argument of the dynamic loader
# source: Ona Veto blog, step 5; reference study 4.3 #13; ld.so(8)
# success: the forbidden program ran
# policy: programs
# control: permissive
# event: ProcessExec
for loader in /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.* /lib/*/ld-linux-*.so.*; do [ -x $loader ] && $loader ./forbidden; done
