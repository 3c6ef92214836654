import Glibc
import Verbs

exit(Dispatch.run())
