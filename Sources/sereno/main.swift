import Glibc

exit(Dispatch.execute(Array(CommandLine.arguments.dropFirst())))
