/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of kernel/seccomp/ that are fuzzed use of the kernel, for user
 * space. shim.sh makes each of the kernel's headers an include of this one.
 */
#ifndef SHIM_H
#define SHIM_H

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <linux/audit.h>
#include <linux/filter.h>

typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef unsigned long long u64;
typedef long long s64;
typedef unsigned int gfp_t;

#define U8_MAX			UINT8_MAX
#define U16_MAX			UINT16_MAX
#define U32_MAX			UINT32_MAX
#define U64_MAX			UINT64_MAX

/*
 * The configuration. Fewer system calls than Linux has, so that each program
 * can be run for all of them; none of the numbers is a multiple of a word.
 * SHIM_OTHER_ARCHS: an architecture on which tasks of others exist that have no
 * ABI here.
 */
#define CONFIG_AUDIT		1
#define CONFIG_AUDITSYSCALL	1
#define CONFIG_PRINTK		1
#define CONFIG_SECCOMP		1
#define CONFIG_SECCOMP_FILTER	1
#define CONFIG_HAVE_ARCH_SECCOMP_FILTER	1
#ifndef SHIM_OTHER_ARCHS
# define CONFIG_X86		1
# define CONFIG_X86_X32_ABI	1
# undef __X32_SYSCALL_BIT
# define __X32_SYSCALL_BIT	0x40000000u
# define X32_NR_syscalls	139
# define SECCOMP_ARCH_COMPAT	AUDIT_ARCH_I386
# define SECCOMP_ARCH_COMPAT_NR	70
# define SECCOMP_ARCH_COMPAT_NAME "compat"
#endif
#define SECCOMP_ARCH_NATIVE	AUDIT_ARCH_X86_64
#define SECCOMP_ARCH_NATIVE_NR	105
#define SECCOMP_ARCH_NATIVE_NAME "native"
#define IS_ENABLED(option)	0
#undef BPF_MAXINSNS
#define BPF_MAXINSNS		4096
#define LINUX_VERSION_CODE	KERNEL_VERSION(6, 1, 0)
#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + (c))

/* Compiler */
#define __always_inline		inline __attribute__((always_inline))
#define noinline		__attribute__((noinline))
#define fallthrough		__attribute__((fallthrough))
#define __user
#define __init
#define __ro_after_init
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define static_assert(x, ...)	_Static_assert(x, #x)
#define BUILD_BUG_ON(x)		_Static_assert(!(x), #x)
#define EXPORT_SYMBOL_IF_KUNIT(symbol)
#define device_initcall(function)					\
	int (*const shim_initcall_##function)(void) = function
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define smp_load_acquire(p)	READ_ONCE(*(p))
#define smp_rmb()
#define preempt_disable()
#define preempt_enable()
#define rcu_access_pointer(p)	(p)
#define WARN_ON_ONCE(x)		({ if (x) abort(); false; })
#define pr_warn(...)

/* Numbers */
#define min(a, b)		({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b)		({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define swap(a, b)		do { __typeof__(a) _t = (a); (a) = (b); (b) = _t; } while (0)
#define abs(x)			({ s64 _x = (x); _x < 0 ? -_x : _x; })
#define xchg(p, value)		({ __typeof__(*(p)) _old = *(p); *(p) = (value); _old; })
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define container_of(p, type, member)					\
	((type *)((char *)(p) - offsetof(type, member)))
#define array_index_nospec(index, size)	(index)
#define array_index_mask_nospec(index, size) \
	((index) < (size) ? ~0UL : 0UL)
#define fls(x)			((x) ? 32 - __builtin_clz(x) : 0)
#define fls64(x)		((x) ? 64 - __builtin_clzll(x) : 0)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define __ffs(x)		((unsigned int)__builtin_ctzl(x))

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * 0x61C88647u >> (32 - bits);
}

/* Bits */
#define BITS_PER_LONG		64
#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define BIT_WORD(n)		((n) / BITS_PER_LONG)
#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BITMAP_FIRST_WORD_MASK(start) (~0UL << ((start) % BITS_PER_LONG))
#define BITMAP_LAST_WORD_MASK(nr) (~0UL >> (-(nr) % BITS_PER_LONG))
#define DECLARE_BITMAP(name, nr) unsigned long name[BITS_TO_LONGS(nr)]

static inline bool test_bit(unsigned long bit, const unsigned long *map)
{
	return map[BIT_WORD(bit)] >> bit % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned long bit, unsigned long *map)
{
	map[BIT_WORD(bit)] |= BIT(bit % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned long bit, unsigned long *map)
{
	map[BIT_WORD(bit)] &= ~BIT(bit % BITS_PER_LONG);
}

static inline unsigned long shim_find(const unsigned long *map,
				      unsigned long size, unsigned long bit,
				      bool wanted)
{
	while (bit < size && test_bit(bit, map) != wanted)
		bit++;
	return bit < size ? bit : size;
}

#define find_next_bit(map, size, from)	shim_find(map, size, from, true)
#define find_next_zero_bit(map, size, from) shim_find(map, size, from, false)
#define for_each_set_bit(bit, map, size)				\
	for ((bit) = find_next_bit(map, size, 0); (bit) < (size);	\
	     (bit) = find_next_bit(map, size, (bit) + 1))
#define bitmap_empty(map, nr)	(find_next_bit(map, nr, 0) == (nr))
#define bitmap_full(map, nr)	(find_next_zero_bit(map, nr, 0) == (nr))
#define bitmap_zero(map, nr)	memset(map, 0, BITS_TO_LONGS(nr) * sizeof(long))

static inline void bitmap_set(unsigned long *map, unsigned int start,
			      unsigned int nr)
{
	while (nr--)
		__set_bit(start++, map);
}

#define bitmap_fill(map, nr)	bitmap_set(map, 0, nr)

/*
 * Memory. The allocation after shim_memory others fails; -1: none does. Its
 * content is not what was there before.
 */
extern int shim_memory;

static inline void *shim_alloc(size_t size, bool zero)
{
	if (shim_memory >= 0 && !shim_memory--)
		return NULL;
	return memset(malloc(size), zero ? 0 : 0xa5, size);
}

#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0
#define __GFP_NOWARN		0
#define kmalloc(size, gfp)	shim_alloc(size, false)
#define kmalloc_array(n, size, gfp) shim_alloc((n) * (size), false)
#define kvmalloc_array(n, size, gfp) shim_alloc((n) * (size), false)
#define kvzalloc(size, gfp)	shim_alloc(size, true)
#define kfree(p)		free(p)
#define kvfree(p)		free(p)
#define flex_array_size(p, member, n) ((n) * sizeof(*(p)->member))
#define struct_size(p, member, n) (sizeof(*(p)) + flex_array_size(p, member, n))
#define IS_ERR(p)		((unsigned long)(p) >= -4095UL)
#define ERR_PTR(error)		((void *)(long)(error))

typedef struct { unsigned int count; } refcount_t;

static inline void refcount_set(refcount_t *refs, unsigned int count)
{
	refs->count = count;
}

static inline void refcount_inc(refcount_t *refs)
{
	if (!refs->count++)
		abort();
}

static inline bool refcount_dec_and_test(refcount_t *refs)
{
	if (!refs->count--)
		abort();
	return !refs->count;
}

/* Text */
static inline __attribute__((format(printf, 3, 4)))
int scnprintf(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(buf, size, format, args);
	va_end(args);
	return !size ? 0 : len < (int)size ? len : (int)size - 1;
}

#define hex_asc_lo(x)		("0123456789abcdef"[(x) & 0xf])

static inline char *hex_byte_pack_upper(char *buf, u8 byte)
{
	*buf++ = "0123456789ABCDEF"[byte >> 4];
	*buf++ = "0123456789ABCDEF"[byte & 0xf];
	return buf;
}

#define sort(base, n, size, compare, unused) qsort(base, n, size, compare)

/* BPF */
struct bpf_prog {
	unsigned int len;
	struct sock_filter *insns;
};

int bpf_check_classic(const struct sock_filter *insns, unsigned int len);
u32 bpf_prog_run(const struct bpf_prog *prog, const void *data);

/* Tasks: the only one is current. */
typedef struct { int unused; } spinlock_t;
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef struct { u32 val; } kuid_t;
typedef struct { u32 val; } kgid_t;
struct rcu_head { int unused; };
struct rhash_head { int unused; };
struct list_head { struct list_head *next, *prev; };
struct pt_regs { unsigned int nr; };

#define TASK_COMM_LEN		16
#define atomic_read(v)		((v)->counter)
#define atomic64_inc_return(v)	(++(v)->counter)
#define this_cpu_inc(v)		(++(v))
#define __percpu
#define test_syscall_work(work)	false

struct seccomp_filter;

#include <linux/seccomp_types.h>

struct task_struct {
	struct { spinlock_t siglock; } *sighand;
	struct { atomic_t live; } *signal;
	struct seccomp seccomp;
	struct pt_regs regs;
	struct mm_struct *mm;
	u32 arch;
	int tgid;
	u32 auid;
	u32 uid;
	u32 gid;
	u32 session;
	bool compat;
	char comm[TASK_COMM_LEN];
};

extern struct task_struct *current;

#define current_pt_regs()	(&current->regs)
#define syscall_get_arch(task)	((task)->arch)
#define syscall_get_nr(task, regs) ((int)(regs)->nr)
#define in_compat_syscall()	(current->compat)
#define task_tgid_nr(task)	((task)->tgid)
#define get_task_comm(to, task)	strcpy(to, (task)->comm)

static inline void current_uid_gid(kuid_t *uid, kgid_t *gid)
{
	uid->val = current->uid;
	gid->val = current->gid;
}

#define __kuid_val(id)		((id).val)
#define __kgid_val(id)		((id).val)

/* What no fuzzer does */
#define MAX_ERRNO		4095
#define SIGSYS			31
#define PTRACE_EVENT_SECCOMP	7
#define syscall_set_return_value(task, regs, error, value) ((void)(error))
#define syscall_rollback(task, regs)
#define force_sig_seccomp(nr, data, core)
#define do_exit(status)		abort()
#define ptrace_event_enabled(task, event) false
#define ptrace_event(event, data)
#define fatal_signal_pending(task) false

/* The executable of current. The fuzzer has the functions. */
struct file { int f_path; };

#define PATH_MAX		4096
#define __getname()		kmalloc(PATH_MAX, 0)
#define __putname(buf)		kfree(buf)
#define fput(file)		((void)(file))

struct file *get_mm_exe_file(struct mm_struct *mm);
char *d_path(const int *path, char *buf, int size);

/* Audit and labels. The fuzzer has the functions. */
#define _KERNEL_AUDIT_H_	/* ../audit.h is not for user space. */
#define AUDIT_OFF		0
#define audit_enabled		1
#define audit_generation()	0u
#define audit_context()		NULL
#define audit_get_loginuid(task) ((kuid_t){ (task)->auid })
#define audit_get_sessionid(task) ((task)->session)

struct audit_buffer;

extern int audit_initialized, audit_n_rules, dmesg_restrict;

struct audit_buffer *audit_log_start(void *context, gfp_t gfp, int type);
struct sk_buff *audit_log_room(struct audit_buffer *ab, int len);
void *skb_tail_pointer(const struct sk_buff *skb);
void skb_put(struct sk_buff *skb, unsigned int len);
bool audit_log_end(struct audit_buffer *ab);
int audit_filter(int type, unsigned int list);
void audit_panic(const char *text);
bool auditd_connected(void);
void security_current_getsecid_subj(u32 *id);
int security_secid_to_secctx(u32 id, char **label, u32 *len);
void security_release_secctx(char *label, u32 len);

static inline bool audit_string_contains_control(const char *string, size_t len)
{
	while (len--) {
		u8 c = *string++;

		if (c == '"' || c < 0x21 || c > 0x7e)
			return true;
	}
	return false;
}

/* Sysctls. The fuzzer has the functions. */
#define _KERNEL_SECCOMP_COMPAT_H	/* needs headers of the kernel */
#define SECCOMP_CTL_CONST
#define SECCOMP_CTL_END		{ }
#define CAP_SYS_ADMIN		21
#define SYSCTL_ZERO		NULL
#define SYSCTL_ONE		NULL

struct ctl_table {
	const char *procname;
	void *data;
	int maxlen;
	mode_t mode;
	int (*proc_handler)(struct ctl_table *table, int write, void *buffer,
			    size_t *lenp, loff_t *ppos);
	void *extra1;
	void *extra2;
};

bool capable(int cap);
int proc_dostring(struct ctl_table *table, int write, void *buffer,
		  size_t *lenp, loff_t *ppos);
int proc_dointvec_minmax(struct ctl_table *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos);
void *register_sysctl(const char *path, struct ctl_table *table);

#endif /* SHIM_H */
