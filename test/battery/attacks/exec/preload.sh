# technique: loads the forbidden program as a library into a permitted one
# source: ld.so(8), LD_PRELOAD, LD_AUDIT
# success: the forbidden program ran
# policy: vault
# control: none: the forbidden program has no constructor; that the loader cannot read it is the point
# event: FileOpenReadOnly
LD_PRELOAD=./forbidden /bin/true; LD_AUDIT=./forbidden /bin/true; LD_LIBRARY_PATH=vault LD_PRELOAD=tool /bin/true; /bin/true
