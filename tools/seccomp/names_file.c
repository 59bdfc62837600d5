// SPDX-License-Identifier: GPL-2.0
/*
 * Names of values and flags: files, descriptors and mounts.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/cdrom.h>
#include <linux/close_range.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/if_tun.h>
#include <linux/kd.h>
#include <linux/loop.h>
#include <linux/nsfs.h>
#include <linux/perf_event.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <linux/userfaultfd.h>
#include <linux/vt.h>
#include <linux/watchdog.h>
#include <scsi/sg.h>

#include "names_table.h"

/* glibc hides it if user space need not pass it: 0 on 64-bit machines */
#if defined(__arm__) || defined(__aarch64__)
#define KERNEL_O_LARGEFILE	0400000
#elif defined(__powerpc__)
#define KERNEL_O_LARGEFILE	0200000
#elif defined(__mips__)
#define KERNEL_O_LARGEFILE	0x2000
#else
#define KERNEL_O_LARGEFILE	0100000
#endif

static const struct value_name ioctl_list[] = {
	N(TCGETS) N(TCSETS) N(TCSETSW) N(TCSETSF) N(TCGETA) N(TCSETA) N(TCSETAW)
	N(TCSETAF) N(TCSBRK) N(TCXONC) N(TCFLSH) N(TIOCEXCL) N(TIOCNXCL)
	N(TIOCSCTTY) N(TIOCGPGRP) N(TIOCSPGRP) N(TIOCOUTQ) N(TIOCSTI)
	N(TIOCGWINSZ) N(TIOCSWINSZ) N(TIOCMGET) N(TIOCMBIS) N(TIOCMBIC)
	N(TIOCMSET) N(TIOCGSOFTCAR) N(TIOCSSOFTCAR) N(FIONREAD) N(TIOCLINUX)
	N(TIOCCONS) N(TIOCGSERIAL) N(TIOCSSERIAL) N(TIOCPKT) N(FIONBIO)
	N(TIOCNOTTY) N(TIOCSETD) N(TIOCGETD) N(TCSBRKP) N(TIOCSBRK) N(TIOCCBRK)
	N(TIOCGSID) N(TIOCGPTN) N(TIOCSPTLCK) N(TIOCGDEV) N(TIOCGPTPEER)
	N(TIOCVHANGUP) N(TCGETS2) N(TCSETS2) N(TCSETSW2) N(TCSETSF2) N(FIONCLEX)
	N(FIOCLEX) N(FIOASYNC) N(FIOQSIZE) N(FIOSETOWN) N(SIOCSPGRP)
	N(FIOGETOWN) N(SIOCGPGRP) N(SIOCATMARK) N(SIOCADDRT) N(SIOCDELRT)
	N(SIOCGIFNAME) N(SIOCGIFCONF) N(SIOCGIFFLAGS) N(SIOCSIFFLAGS)
	N(SIOCGIFADDR) N(SIOCSIFADDR) N(SIOCGIFDSTADDR) N(SIOCSIFDSTADDR)
	N(SIOCGIFBRDADDR) N(SIOCSIFBRDADDR) N(SIOCGIFNETMASK) N(SIOCSIFNETMASK)
	N(SIOCGIFMETRIC) N(SIOCSIFMETRIC) N(SIOCGIFMTU) N(SIOCSIFMTU)
	N(SIOCSIFNAME) N(SIOCSIFHWADDR) N(SIOCGIFHWADDR) N(SIOCGIFINDEX)
	N(SIOCETHTOOL) N(SIOCGMIIPHY) N(SIOCGMIIREG) N(SIOCBRADDBR)
	N(SIOCBRDELBR) N(SIOCOUTQNSD) N(SIOCGSKNS) N(BLKROSET) N(BLKROGET)
	N(BLKRRPART) N(BLKGETSIZE) N(BLKFLSBUF) N(BLKRASET) N(BLKRAGET)
	N(BLKSSZGET) N(BLKBSZGET) N(BLKGETSIZE64) N(BLKDISCARD) N(BLKIOMIN)
	N(BLKIOOPT) N(BLKALIGNOFF) N(BLKPBSZGET) N(BLKDISCARDZEROES)
	N(BLKZEROOUT) N(FIBMAP) N(FIGETBSZ) N(FIFREEZE) N(FITHAW) N(FITRIM)
	N(FICLONE) N(FICLONERANGE) N(FIDEDUPERANGE) N(FS_IOC_GETFLAGS)
	N(FS_IOC_SETFLAGS) N(FS_IOC_GETVERSION) N(FS_IOC_FIEMAP)
	N(FS_IOC_FSGETXATTR) N(FS_IOC_FSSETXATTR) N(FS_IOC_GETFSLABEL)
	N(KDGETMODE) N(KDSETMODE) N(KDGKBMODE) N(KDSKBMODE) N(KDGKBTYPE)
	N(KDMKTONE) N(KIOCSOUND) N(GIO_UNIMAP) N(VT_OPENQRY) N(VT_GETMODE)
	N(VT_SETMODE) N(VT_GETSTATE) N(VT_ACTIVATE) N(VT_WAITACTIVE)
	N(VT_DISALLOCATE) N(RNDGETENTCNT) N(RNDADDTOENTCNT) N(RNDADDENTROPY)
	N(RNDZAPENTCNT) N(RNDCLEARPOOL) N(RNDRESEEDCRNG) N(TUNSETIFF)
	N(TUNGETIFF) N(TUNSETPERSIST) N(TUNSETOWNER) N(TUNGETFEATURES)
	N(LOOP_SET_FD) N(LOOP_CLR_FD) N(LOOP_SET_STATUS64) N(LOOP_GET_STATUS64)
	N(LOOP_CTL_GET_FREE) N(LOOP_CONFIGURE) N(PERF_EVENT_IOC_ENABLE)
	N(PERF_EVENT_IOC_DISABLE) N(PERF_EVENT_IOC_RESET)
	N(PERF_EVENT_IOC_SET_FILTER) N(PERF_EVENT_IOC_ID) N(NS_GET_USERNS)
	N(NS_GET_PARENT) N(NS_GET_NSTYPE) N(NS_GET_OWNER_UID) N(UFFDIO_API)
	N(UFFDIO_REGISTER) N(UFFDIO_COPY) N(SECCOMP_IOCTL_NOTIF_RECV)
	N(SECCOMP_IOCTL_NOTIF_SEND) N(SECCOMP_IOCTL_NOTIF_ID_VALID)
	N(SECCOMP_IOCTL_NOTIF_ADDFD) N(RTC_RD_TIME) N(RTC_SET_TIME)
	N(WDIOC_KEEPALIVE) N(WDIOC_SETTIMEOUT) N(HDIO_GETGEO)
	N(HDIO_GET_IDENTITY) N(SG_IO) N(CDROM_DRIVE_STATUS) N(CDROMEJECT)
};

TABLE(ioctl, true);

static const struct value_name fcntl_cmd_list[] = {
	N(F_DUPFD) N(F_GETFD) N(F_SETFD) N(F_GETFL) N(F_SETFL) N(F_GETLK)
	N(F_SETLK) N(F_SETLKW) N(F_SETOWN) N(F_GETOWN) N(F_SETSIG) N(F_GETSIG)
	N(F_SETOWN_EX) N(F_GETOWN_EX) N(F_OFD_GETLK) N(F_OFD_SETLK)
	N(F_OFD_SETLKW) N(F_SETLEASE) N(F_GETLEASE) N(F_NOTIFY)
	N(F_DUPFD_CLOEXEC) N(F_SETPIPE_SZ) N(F_GETPIPE_SZ) N(F_ADD_SEALS)
	N(F_GET_SEALS) N(F_GET_RW_HINT) N(F_SET_RW_HINT) N(F_GET_FILE_RW_HINT)
	N(F_SET_FILE_RW_HINT)
};

TABLE(fcntl_cmd, true);

static const struct value_name open_access_list[] = {
	N(O_RDONLY) N(O_WRONLY) N(O_RDWR) N(O_ACCMODE)
};

TABLE(open_access, false);

static const struct value_name open_flags_list[] = {
	N(O_TMPFILE) N(O_SYNC) N(O_DSYNC) N(O_APPEND) N(O_CLOEXEC) N(O_CREAT)
	N(O_DIRECT) N(O_DIRECTORY) N(O_EXCL) V(O_LARGEFILE, KERNEL_O_LARGEFILE)
	N(O_NOATIME) N(O_NOCTTY) N(O_NOFOLLOW) N(O_NONBLOCK) N(O_NDELAY)
	N(O_PATH) N(O_TRUNC) N(O_ASYNC)
};

TABLE(open_flags, true);

static const struct value_name at_flags_list[] = {
	N(AT_SYMLINK_NOFOLLOW) N(AT_SYMLINK_FOLLOW) N(AT_NO_AUTOMOUNT)
	N(AT_EMPTY_PATH) N(AT_STATX_FORCE_SYNC) N(AT_STATX_DONT_SYNC)
	N(AT_RECURSIVE)
};

TABLE(at_flags, false);

static const struct value_name unlink_flags_list[] = {
	N(AT_REMOVEDIR)
};

TABLE(unlink_flags, false);

static const struct value_name access_flags_list[] = {
	N(AT_EACCESS) N(AT_SYMLINK_NOFOLLOW) N(AT_EMPTY_PATH)
};

TABLE(access_flags, false);

static const struct value_name access_mode_list[] = {
	N(R_OK) N(W_OK) N(X_OK)
};

TABLE(access_mode, false);

static const struct value_name fadvise_list[] = {
	N(POSIX_FADV_NORMAL) N(POSIX_FADV_RANDOM) N(POSIX_FADV_SEQUENTIAL)
	N(POSIX_FADV_WILLNEED) N(POSIX_FADV_DONTNEED) N(POSIX_FADV_NOREUSE)
};

TABLE(fadvise, true);

static const struct value_name whence_list[] = {
	N(SEEK_SET) N(SEEK_CUR) N(SEEK_END) N(SEEK_DATA) N(SEEK_HOLE)
};

TABLE(whence, false);

static const struct value_name flock_list[] = {
	N(LOCK_SH) N(LOCK_EX) N(LOCK_NB) N(LOCK_UN)
};

TABLE(flock, false);

static const struct value_name epoll_ctl_list[] = {
	N(EPOLL_CTL_ADD) N(EPOLL_CTL_DEL) N(EPOLL_CTL_MOD)
};

TABLE(epoll_ctl, false);

static const struct value_name pipe_flags_list[] = {
	N(O_CLOEXEC) N(O_NONBLOCK) N(O_DIRECT)
};

TABLE(pipe_flags, true);

static const struct value_name eventfd_flags_list[] = {
	N(EFD_CLOEXEC) N(EFD_NONBLOCK) N(EFD_SEMAPHORE)
};

TABLE(eventfd_flags, true);

static const struct value_name epoll_flags_list[] = {
	N(EPOLL_CLOEXEC)
};

TABLE(epoll_flags, true);

static const struct value_name inotify_flags_list[] = {
	N(IN_CLOEXEC) N(IN_NONBLOCK)
};

TABLE(inotify_flags, true);

static const struct value_name signalfd_flags_list[] = {
	N(SFD_CLOEXEC) N(SFD_NONBLOCK)
};

TABLE(signalfd_flags, true);

static const struct value_name timerfd_flags_list[] = {
	N(TFD_CLOEXEC) N(TFD_NONBLOCK)
};

TABLE(timerfd_flags, true);

static const struct value_name memfd_flags_list[] = {
	N(MFD_CLOEXEC) N(MFD_ALLOW_SEALING) N(MFD_HUGETLB)
};

TABLE(memfd_flags, false);

static const struct value_name close_range_flags_list[] = {
	N(CLOSE_RANGE_UNSHARE) N(CLOSE_RANGE_CLOEXEC)
};

TABLE(close_range_flags, false);

static const struct value_name mount_flags_list[] = {
	N(MS_RDONLY) N(MS_NOSUID) N(MS_NODEV) N(MS_NOEXEC) N(MS_SYNCHRONOUS)
	N(MS_REMOUNT) N(MS_MANDLOCK) N(MS_DIRSYNC) N(MS_NOSYMFOLLOW)
	N(MS_NOATIME) N(MS_NODIRATIME) N(MS_BIND) N(MS_MOVE) N(MS_REC)
	N(MS_SILENT) N(MS_POSIXACL) N(MS_UNBINDABLE) N(MS_PRIVATE) N(MS_SLAVE)
	N(MS_SHARED) N(MS_RELATIME) N(MS_KERNMOUNT) N(MS_I_VERSION)
	N(MS_STRICTATIME) N(MS_LAZYTIME) N(MS_MGC_VAL)
};

TABLE(mount_flags, false);

static const struct value_name umount_flags_list[] = {
	V(MNT_FORCE, 1) V(MNT_DETACH, 2) V(MNT_EXPIRE, 4) V(UMOUNT_NOFOLLOW, 8)
};

TABLE(umount_flags, false);

static const struct value_name fsconfig_list[] = {
	N(FSCONFIG_SET_FLAG) N(FSCONFIG_SET_STRING) N(FSCONFIG_SET_BINARY)
	N(FSCONFIG_SET_PATH) N(FSCONFIG_SET_PATH_EMPTY) N(FSCONFIG_SET_FD)
	N(FSCONFIG_CMD_CREATE) N(FSCONFIG_CMD_RECONFIGURE)
};

TABLE(fsconfig, false);

static const struct value_name fsmount_flags_list[] = {
	N(FSMOUNT_CLOEXEC)
};

TABLE(fsmount_flags, false);

static const struct value_name mount_attr_list[] = {
	N(MOUNT_ATTR_RDONLY) N(MOUNT_ATTR_NOSUID) N(MOUNT_ATTR_NODEV)
	N(MOUNT_ATTR_NOEXEC) N(MOUNT_ATTR_NOATIME) N(MOUNT_ATTR_STRICTATIME)
	N(MOUNT_ATTR_NODIRATIME) N(MOUNT_ATTR_IDMAP) N(MOUNT_ATTR_NOSYMFOLLOW)
};

TABLE(mount_attr, false);

static const struct value_name open_tree_list[] = {
	N(OPEN_TREE_CLONE) N(OPEN_TREE_CLOEXEC) N(AT_EMPTY_PATH)
	N(AT_NO_AUTOMOUNT) N(AT_RECURSIVE) N(AT_SYMLINK_NOFOLLOW)
};

TABLE(open_tree, true);

static const struct value_name move_mount_list[] = {
	N(MOVE_MOUNT_F_SYMLINKS) N(MOVE_MOUNT_F_AUTOMOUNTS)
	N(MOVE_MOUNT_F_EMPTY_PATH) N(MOVE_MOUNT_T_SYMLINKS)
	N(MOVE_MOUNT_T_AUTOMOUNTS) N(MOVE_MOUNT_T_EMPTY_PATH)
	N(MOVE_MOUNT_SET_GROUP)
};

TABLE(move_mount, false);

static const struct value_name rename_flags_list[] = {
	N(RENAME_NOREPLACE) N(RENAME_EXCHANGE) N(RENAME_WHITEOUT)
};

TABLE(rename_flags, false);

static const struct value_name setid_list[] = {
	N(S_ISUID) N(S_ISGID) N(S_ISVTX)
};

TABLE(setid, false);
