# technique: names the forbidden program as the argument of the dynamic loader, where reading it is forbidden
# source: Ona Veto blog, step 5; reference study 4.3 #13; ld.so(8)
# success: the forbidden program ran
# policy: vault
# control: permissive
# event: FileOpenReadOnly
for loader in /lib64/ld-linux-*.so.* /lib/*/ld-linux-*.so.*; do [ -x $loader ] && $loader ./forbidden; $loader --preload ./forbidden /bin/true; done
