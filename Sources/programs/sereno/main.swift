import Glibc

exit(Dispatch.execute(Array(Programs.arguments.dropFirst())))
