internal import Glibc

/// The variables that a process was started with, and the directories that follow from them.
public struct Environment: Sendable {
    private let look: @Sendable (String) -> String?

    /// The environment of this process. A variable that is set to nothing counts as not set.
    public static let process = Environment { name in
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Variables that a test chose.
    public init(_ variables: [String: String]) { look = { variables[$0] } }

    private init(_ look: @escaping @Sendable (String) -> String?) { self.look = look }

    public subscript(_ name: String) -> String? { look(name) }

    /// The user's home: `$HOME`, or what the password database says.
    public var home: String {
        if let home = self["HOME"] { return home }
        guard let entry = getpwuid(getuid()), let directory = entry.pointee.pw_dir else {
            return "/"
        }
        return String(cString: directory)
    }

    /// `$XDG_CONFIG_HOME/parley`, by default `~/.config/parley`.
    public var configDirectory: String { directory("XDG_CONFIG_HOME", orInHome: ".config") }

    /// `$XDG_STATE_HOME/parley`, by default `~/.local/state/parley`.
    public var stateDirectory: String { directory("XDG_STATE_HOME", orInHome: ".local/state") }

    /// The identity that is used where none is named: `$PARLEY_IDENTITY`, else
    /// `identity.key` in the configuration directory.
    public var identityPath: String {
        self["PARLEY_IDENTITY"] ?? configDirectory + "/identity.key"
    }

    /// The XDG specification has relative paths ignored.
    private func directory(_ variable: String, orInHome folder: String) -> String {
        if let path = self[variable], path.hasPrefix("/") { return path + "/parley" }
        return "\(home)/\(folder)/parley"
    }
}
