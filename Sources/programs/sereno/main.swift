import Linux
import Verbs

CurrentProcess.exit(Dispatch.run())
