/* Limits and errors are those of copy_msghdr_from_user(), move_addr_to_kernel() and import_iovec() (net/socket.c,
 * lib/iov_iter.c). */
#define _GNU_SOURCE
#include "message.h"

#include <errno.h>
#include <string.h>

#include "handlers.h"
#include "memory.h"

/* MAX_RW_COUNT: what one call moves at most. Source: sendmsg(2), write(2). */
#define LENGTH_MAX ((size_t)0x7ffff000)

static int read_name(const struct call *c, uint64_t address, socklen_t length, struct message *m)
{
	memset(&m->name, 0, sizeof m->name);
	m->name_length = length;
	return length ? memory_read(c->tid, address, &m->name, length) : 0;
}

static int measure(struct message *m)
{
	m->part = 0;
	m->length = 0;
	for (unsigned i = 0; i < m->parts_count; i++) {
		size_t left = LENGTH_MAX - m->length;
		if (m->parts[i].iov_len > SSIZE_MAX)
			return -EINVAL;
		if (m->parts[i].iov_len > left)
			m->parts[i].iov_len = left;
		m->length += m->parts[i].iov_len;
	}
	return 0;
}

int message_read(const struct call *c, uint64_t address, struct message *m)
{
	struct msghdr h;
	int error = memory_read(c->tid, address, &h, sizeof h);

	if (error)
		return error;
	if (h.msg_name && (int)h.msg_namelen < 0)
		return -EINVAL;
	socklen_t length = !h.msg_name ? 0 : h.msg_namelen > sizeof m->name ? (socklen_t)sizeof m->name : h.msg_namelen;
	error = read_name(c, (uintptr_t)h.msg_name, length, m);
	if (error)
		return error;
	if (h.msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	m->parts_count = (unsigned)h.msg_iovlen;
	if (m->parts_count)
		error = memory_read(c->tid, (uintptr_t)h.msg_iov, m->parts, m->parts_count * sizeof *m->parts);
	m->control = (uintptr_t)h.msg_control;
	m->control_length = h.msg_control ? h.msg_controllen : 0;
	return error ? error : measure(m);
}

int message_of_sendto(const struct call *c, struct message *m)
{
	const uint64_t *a = c->arguments;
	int length = argument_int(c, 5);

	if (a[4] && (length < 0 || (size_t)length > sizeof m->name))
		return -EINVAL;
	int error = read_name(c, a[4], a[4] ? (socklen_t)length : 0, m);
	if (error)
		return error;
	m->parts[0] = (struct iovec){ (void *)(uintptr_t)a[1], a[2] < LENGTH_MAX ? (size_t)a[2] : LENGTH_MAX };
	m->parts_count = 1;
	m->control_length = 0;
	return measure(m);
}

int message_take(const struct call *c, struct message *m, char *buffer, size_t n)
{
	struct iovec local = { buffer, n };
	unsigned first = m->part;
	size_t left = n;

	if (n == 0)
		return 0;
	while (m->part < m->parts_count && m->parts[m->part].iov_len <= left)
		left -= m->parts[m->part++].iov_len;
	if (left && m->part == m->parts_count)
		return -EINVAL;

	unsigned count = m->part - first;
	struct iovec cut = { 0 };
	if (left) {
		cut = m->parts[m->part];
		m->parts[m->part].iov_len = left;
		count++;
	}
	ssize_t taken = process_vm_readv(c->tid, &local, 1, m->parts + first, count, 0);
	if (left)
		m->parts[m->part] = (struct iovec){ (char *)cut.iov_base + left, cut.iov_len - left };
	m->length -= n;
	if (taken < 0)
		return -errno;
	return (size_t)taken == n ? 0 : -EFAULT;
}
