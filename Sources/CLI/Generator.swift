public import Platform

/// What can be made from a description besides a parser and a help text.
enum Generator: String, CaseIterable, Sendable {
    case man, bash, zsh, fish

    func output(for command: CommandDescription) -> String {
        switch self {
        case .man: manPage(of: command)
        case .bash: bashCompletion(of: command)
        case .zsh: zshCompletion(of: command)
        case .fish: fishCompletion(of: command)
        }
    }
}

/// The ways to show progress that a user can ask for.
public enum ProgressStyle: String, CaseIterable, Sendable {
    case none, bar, json

    public var style: Progress.Style {
        switch self {
        case .none: .none
        case .bar: .bar
        case .json: .json
        }
    }
}
