/* technique: maps a file that may be read, and opens it for writing by /proc/self/map_files
 * source: proc_pid_map_files(5)
 * success: vault/secret.txt was changed
 * policy: kept
 * control: outside
 * needs: root
 */
#include "attack.h"
#include <sys/mman.h>

int main(void)
{
	char path[128];
	int fd = open(SECRET_FILE, O_RDONLY);
	char *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return failed("mmap");
	snprintf(path, sizeof path, "/proc/self/map_files/%lx-%lx", (unsigned long)at, (unsigned long)at + 4096);
	fd = open(path, O_RDWR);
	return fd < 0 || write(fd, "planted", 7) != 7 ? failed("map_files") : 0;
}
