package import Foundation
import HRMFiles

/// The server, token and cache for downloads.
///
/// The environment variables and the cache are those of the Python library `huggingface_hub`; files
/// downloaded by either are shared.
package struct HubSettings: Sendable, Hashable {
    /// The server's URL, without a trailing slash.
    package var endpoint: URL
    /// The bearer token, sent to the endpoint only.
    package var token: String?
    /// The folder that holds the cached repositories.
    package var cache: URL
    /// True if only cached files are used.
    package var isOffline: Bool
    /// The seconds without a response after which a connection counts as lost.
    package var timeout = 30.0

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - endpoint: The server's URL, http or https.
    ///   - token: The bearer token, sent to the endpoint only.
    ///   - cache: The folder that holds the cached repositories.
    ///   - isOffline: True if only cached files are used.
    /// - Throws: ``DownloadError/invalidSetting(name:value:requirement:)``.
    package init(
        endpoint: String = "https://huggingface.co", token: String? = nil, cache: URL,
        isOffline: Bool = false
    ) throws(DownloadError) {
        var text = endpoint
        while text.hasSuffix("/") { text.removeLast() }
        guard let url = URL(string: text), let host = url.host, !host.isEmpty,
            ["http", "https"].contains(url.scheme), url.query == nil, url.fragment == nil,
            url.user == nil
        else {
            throw .invalidSetting(
                name: "HF_ENDPOINT", value: endpoint,
                requirement: "must be an address such as https://huggingface.co")
        }
        guard token.map(Self.isToken) ?? true else {
            throw .invalidSetting(
                name: "HF_TOKEN", value: "(not shown)",
                requirement: "must be a token: letters and digits, no blanks")
        }
        self.endpoint = url
        self.token = token
        self.cache = cache
        self.isOffline = isOffline
    }

    /// Creates settings from the environment variables of `huggingface_hub`.
    ///
    /// | variable | setting |
    /// |---|---|
    /// | `HF_ENDPOINT` | the server |
    /// | `HF_TOKEN`, else `HUGGING_FACE_HUB_TOKEN` | the token |
    /// | `HF_TOKEN_PATH`, else `$HF_HOME/token` | the token file, if no variable holds the token |
    /// | `HF_HUB_DISABLE_IMPLICIT_TOKEN` | no token is sent |
    /// | `HF_HUB_CACHE`, else `HUGGINGFACE_HUB_CACHE`, else `$HF_HOME/hub` | the cache |
    /// | `HF_HOME`, else `$XDG_CACHE_HOME/huggingface`, else `~/.cache/huggingface` | the parent folder of token and cache |
    /// | `HF_HUB_OFFLINE`, else `TRANSFORMERS_OFFLINE` | only the cache is used |
    ///
    /// In paths, `~`, `~user`, `$NAME` and `${NAME}` are expanded, in this order and once; unset
    /// names are left as they are. Flags are set by 1, on, yes and true, in any letter case. Unlike
    /// in the library, an empty variable counts as unset; the library would use the working folder.
    ///
    /// - Parameter environment: The environment variables.
    /// - Throws: ``DownloadError/invalidSetting(name:value:requirement:)`` or
    ///   ``DownloadError/tokenFile(path:reason:)``.
    package init(environment: [String: String]) throws(DownloadError) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { text in
                let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
                return trimmed.isEmpty ? nil : trimmed
            }
        }
        func path(_ names: String...) -> URL? {
            let text = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
            return text.map {
                URL(fileURLWithPath: ExpandedPath.text(of: $0, environment: environment))
            }
        }
        func flag(_ names: String...) -> Bool {
            let text = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
            return ["1", "on", "yes", "true"].contains((text ?? "").lowercased())
        }
        let fallback = URL(
            fileURLWithPath: ExpandedPath.text(of: "~/.cache", environment: environment))
        let home =
            path("HF_HOME")
            ?? (path("XDG_CACHE_HOME") ?? fallback).appendingPathComponent("huggingface")
        let isOffline = flag("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
        var token: String?
        if !flag("HF_HUB_DISABLE_IMPLICIT_TOKEN") {
            token = value("HF_TOKEN") ?? value("HUGGING_FACE_HUB_TOKEN")
            if token == nil, !isOffline {
                token = try Self.token(
                    in: path("HF_TOKEN_PATH") ?? home.appendingPathComponent("token"))
            }
        }
        try self.init(
            endpoint: value("HF_ENDPOINT") ?? "https://huggingface.co", token: token,
            cache: path("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                ?? home.appendingPathComponent("hub"),
            isOffline: isOffline)
    }

    /// The maximum length of a token; usual tokens have some dozens of characters.
    private static let longestToken = 4096

    /// Reads the token from a file; `nil` if the file does not exist or is empty.
    private static func token(in url: URL) throws(DownloadError) -> String? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try ByteSource.bytes(of: url, atMost: longestToken)
        } catch {
            throw .tokenFile(path: url.path, reason: error.reason)
        }
        let text = String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard isToken(text) else {
            throw .tokenFile(path: url.path, reason: "it holds something else")
        }
        return text.isEmpty ? nil : text
    }

    /// Returns true if the text can be sent in a header; a line feed would begin another header.
    private static func isToken(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Returns the URL of a file on the server.
    func url(of file: HubFilePath, in dataset: HubDataset) throws(DownloadError) -> URL {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let path = (["datasets", dataset.owner, dataset.name, "resolve", "main"] + file.components)
            .map { $0.addingPercentEncoding(withAllowedCharacters: plain) ?? "" }
            .joined(separator: "/")
        guard let url = URL(string: "\(endpoint.absoluteString)/\(path)") else {
            throw .invalidName(file.text)
        }
        return url
    }
}
