internal import Glibc

/// The error numbers of errno(3) by which something above is decided. `LinuxError.text` has the words for all of them.
public enum Errno {
    /// E2BIG: more than the kernel takes at once.
    public static let tooBig = E2BIG
    /// EACCES: the permissions of the file or of a directory on its path do not allow it.
    public static let permissionDenied = EACCES
    /// EAGAIN and EWOULDBLOCK, which are one number on Linux: it would have to wait.
    public static let wouldBlock = EAGAIN
    /// EBADF: no open descriptor.
    public static let badDescriptor = EBADF
    /// ECONNRESET: the peer has closed with bytes unread.
    public static let connectionReset = ECONNRESET
    /// EDOM: what the call is asked for does not exist here.
    public static let outOfDomain = EDOM
    /// EEXIST: the name is taken.
    public static let fileExists = EEXIST
    /// A directory has something in it.
    public static let directoryNotEmpty = ENOTEMPTY
    /// EFAULT: not an address of this process.
    public static let badAddress = EFAULT
    /// EFBIG: longer than is allowed.
    public static let fileTooLarge = EFBIG
    /// EINTR: a signal came first.
    public static let interrupted = EINTR
    /// EINVAL: not what the call takes.
    public static let invalidArgument = EINVAL
    /// EIO: the device failed, or took nothing.
    public static let inputOutput = EIO
    /// EISDIR: it is a directory.
    public static let isDirectory = EISDIR
    /// ELOOP: a symbolic link where none is followed, or too many of them.
    public static let tooManyLinks = ELOOP
    /// EMFILE: the process has no descriptor left.
    public static let tooManyDescriptors = EMFILE
    /// ENFILE: the machine has no open file left.
    public static let tooManyOpenFiles = ENFILE
    /// EMSGSIZE: longer than one message may be.
    public static let messageTooLong = EMSGSIZE
    /// ENAMETOOLONG: the path or one of its names is too long.
    public static let nameTooLong = ENAMETOOLONG
    /// ENOBUFS: the kernel has no room for the message now.
    public static let noBufferSpace = ENOBUFS
    /// ENOENT: it is not there.
    public static let noSuchFile = ENOENT
    /// ENOMEM: there is no memory for it.
    public static let noMemory = ENOMEM
    /// ENOSYS: the kernel does not have the call.
    public static let noSuchCall = ENOSYS
    /// ENOTCONN: nobody is connected.
    public static let notConnected = ENOTCONN
    /// ENOTDIR: it, or something on its path, is no directory.
    public static let notADirectory = ENOTDIR
    /// ENOTSUP: the file system or the object does not have it.
    public static let notSupported = ENOTSUP
    /// EPERM: the caller has not the right to it.
    public static let notPermitted = EPERM
    /// EPIPE: nobody reads any more.
    public static let brokenPipe = EPIPE
    /// EROFS: the file system takes no writes.
    public static let readOnlyFileSystem = EROFS
    /// ETIMEDOUT: it took too long.
    public static let timedOut = ETIMEDOUT
    /// EXDEV: it is in another file system, or outside of what a path may not leave.
    public static let crossesDevices = EXDEV
}
