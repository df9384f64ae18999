/// Linked into a program, this has all memory zeroed that is given back, by whatever library: tokens and
/// passwords pass through buffers, texts and parsers of many, and none of them is to keep a copy.
