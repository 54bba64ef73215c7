# technique: changes the flags of the file by chattr
# source: chattr(1); ioctl_iflags(2)
# success: vault/secret.txt has another time of change
# policy: kept
# control: outside
# needs: chattr
# event: SystemCall
chattr +d vault/secret.txt
