package import Foundation
internal import HRMFiles

/// The Python package index of this user, as `pip` is told.
package struct IndexSettings: Hashable, Sendable {
    /// The URL of the simple index, without a trailing slash or credentials.
    package var url: URL
    /// The value of the header `Authorization`; nil if the URL has no user.
    var authorization: String?

    /// Reads the settings of `pip`.
    ///
    /// In this order: the variable `PIP_INDEX_URL`; `index-url` in the sections `install` and
    /// `global` of the file `PIP_CONFIG_FILE`, of the virtual environment's, the user's and the
    /// system's `pip.conf`. No index is built in; further indices and local folders are not used.
    ///
    /// - Parameters:
    ///   - environment: The environment variables.
    ///   - systemFile: The system's `pip.conf`.
    /// - Throws: ``InstallError`` if no index is set, if it is switched off, or if its URL cannot be
    ///   used.
    package init(
        environment: [String: String], systemFile: String = "/etc/pip.conf"
    ) throws(InstallError) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let files = Self.configurationFiles(value) + [systemFile]
        let settings = files.map { Self.settings(in: $0) }
        func setting(_ key: String) -> String? {
            settings.lazy.compactMap { $0["install.\(key)"] ?? $0["global.\(key)"] }.first
        }
        let isOff = value("PIP_NO_INDEX") ?? setting("no-index")
        if let isOff, ["1", "true", "yes", "on"].contains(isOff.lowercased()) {
            throw .setting(
                name: "PIP_NO_INDEX",
                reason: "forbids to use the package index; unset it, or 'no-index' in pip.conf")
        }
        guard let text = value("PIP_INDEX_URL") ?? setting("index-url") else {
            throw .setting(
                name: "PIP_INDEX_URL",
                reason: "is not set, and no pip.conf has an 'index-url'; set it to the address of "
                    + "the Python package index to install from, which ends in /simple")
        }
        try self.init(text)
    }

    /// Creates settings from a URL, which may have a user and a password.
    package init(_ text: String) throws(InstallError) {
        var trimmed = text.trimmingCharacters(in: .whitespaces)
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard var parts = URLComponents(string: trimmed), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else {
            throw .setting(
                name: "PIP_INDEX_URL",
                reason: "must be an address such as https://example.org/simple")
        }
        if let user = parts.user {
            let pair = Data("\(user):\(parts.password ?? "")".utf8)
            authorization = "Basic \(pair.base64EncodedString())"
        }
        parts.user = nil
        parts.password = nil
        guard let url = parts.url else {
            throw .setting(name: "PIP_INDEX_URL", reason: "is not a valid address")
        }
        self.url = url
    }

    private static func configurationFiles(_ value: (String) -> String?) -> [String] {
        var files: [String?] = [value("PIP_CONFIG_FILE")]
        files.append(value("VIRTUAL_ENV").map { "\($0)/pip.conf" })
        if let home = value("HOME") {
            let configuration = value("XDG_CONFIG_HOME") ?? "\(home)/.config"
            files += [
                "\(configuration)/pip/pip.conf", "\(home)/.pip/pip.conf",
                "\(home)/Library/Application Support/pip/pip.conf",
            ]
        }
        return files.compactMap(\.self)
    }

    /// Reads `key = value` below `[section]`, as Python's configuration parser does.
    private static func settings(in path: String) -> [String: String] {
        guard let data = try? InputFile.small(URL(fileURLWithPath: path), limit: 1 << 20) else {
            return [:]
        }
        var result: [String: String] = [:]
        var section = ""
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { continue }
            if text.hasPrefix("["), text.hasSuffix("]") {
                section = text.dropFirst().dropLast().lowercased()
            } else if let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }),
                line.first?.isWhitespace == false
            {
                let key = text[..<mark].trimmingCharacters(in: .whitespaces).lowercased()
                    .replacing("_", with: "-")
                result["\(section).\(key)"] =
                    text[text.index(after: mark)...].trimmingCharacters(in: .whitespaces)
            }
        }
        return result
    }
}
