/* The request numbers, from the headers of the kernel's interfaces to programs; ioctl(2) takes them as unsigned int. */
#define _GNU_SOURCE
#include "ioctl.h"

#include <linux/btrfs.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <linux/fsverity.h>
#include <linux/msdos_fs.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>

/* fs/ext4/ext4.h; no header for programs has them. */
#define EXT4_IOC_SETVERSION _IOW('f', 4, long)
#define EXT4_IOC_MIGRATE _IO('f', 9)

/* Terminal input and line disciplines; then what changes attributes, makes and copies whole directories, or locks and
 * unlocks encrypted ones, through a descriptor opened for reading only, which the policy may have allowed where it
 * forbids the change.
 */
void ioctl_test(struct program *p)
{
	static const uint32_t unsafe[] = {
		TIOCSTI,
		TIOCLINUX,
		TIOCSETD,
		FS_IOC_SETFLAGS,
		FS_IOC_FSSETXATTR,
		FS_IOC_ENABLE_VERITY,
		BTRFS_IOC_SUBVOL_CREATE,
		BTRFS_IOC_SUBVOL_CREATE_V2,
		BTRFS_IOC_SNAP_CREATE,
		BTRFS_IOC_SNAP_CREATE_V2,
		BTRFS_IOC_SNAP_DESTROY,
		BTRFS_IOC_SNAP_DESTROY_V2,
		BTRFS_IOC_SUBVOL_SETFLAGS,
		BTRFS_IOC_SET_RECEIVED_SUBVOL,
		FS_IOC_SETVERSION,
		EXT4_IOC_SETVERSION,
		EXT4_IOC_MIGRATE,
		FAT_IOCTL_SET_ATTRIBUTES,
		FS_IOC_SET_ENCRYPTION_POLICY,
		FS_IOC_ADD_ENCRYPTION_KEY,
		FS_IOC_REMOVE_ENCRYPTION_KEY,
		FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS,
	};

	program_load_argument(p, 1);
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		program_return_when(p, BPF_JEQ, unsafe[i], SECCOMP_RET_USER_NOTIF);
	program_return(p, SECCOMP_RET_ALLOW);
}
