/// The version of all of Parley's programs, as `--version` and the man pages say it.
public let parleyVersion = "0.1.0"

/// The date of the man pages: that of the version, so that they are the same wherever they are made.
let manualDate = "November 21, 2026"
