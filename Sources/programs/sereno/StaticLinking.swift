// The argument parser stands on FoundationEssentials. Imported here too, where the release build links statically, so
// that the linker is told of every archive it consists of.
import FoundationEssentials
