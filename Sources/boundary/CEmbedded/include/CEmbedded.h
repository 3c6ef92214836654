// What the strings of Embedded Swift ask of Unicode when they are compared. The keeper has no tables for it: nothing
// that it compares goes beyond ASCII, so every character here is its own normal form.
#ifndef CEMBEDDED_H
#define CEMBEDDED_H

#include <stdint.h>

/// 0: in normal form already, combining class 0.
uint16_t _swift_stdlib_getNormData(uint32_t scalar);
/// No two characters compose.
uint32_t _swift_stdlib_getComposition(uint32_t first, uint32_t second);
uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar);
extern const uint8_t _swift_stdlib_nfd_decompositions[1];

#endif
