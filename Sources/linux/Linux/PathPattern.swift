internal import Glibc

/// A pattern of the shell for paths: `*`, `?` and `[…]`, none of which stands for a slash (glob(7)).
public enum PathPattern {
    /// Whether a whole path is as the pattern says (fnmatch(3) with FNM_PATHNAME).
    public static func matches(_ pattern: String, _ path: String) -> Bool { fnmatch(pattern, path, FNM_PATHNAME) == 0 }
}
