internal import Glibc

/// The encoding of texts that the C library and those that stand on it assume.
public enum TextEncoding {
    /// Has it be UTF-8 (setlocale(3), LC_CTYPE), and leaves it when there is no such locale. Until then it is that of the C locale.
    public static func useUTF8() { _ = setlocale(LC_CTYPE, "C.UTF-8") }

    /// Has the C library look for the tables of the encoding now, which it would do at the first text.
    public static func loadTables() {
        var wide = [wchar_t](repeating: 0, count: 8)
        mbstowcs(&wide, "\u{E9}", 7)
        // The pointer -1 is its word for a conversion that it does not have.
        guard let conversion = iconv_open(nl_langinfo(nl_item(CODESET)), "UTF-8"), Int(bitPattern: conversion) != -1
        else {
            return
        }
        iconv_close(conversion)
    }
}
