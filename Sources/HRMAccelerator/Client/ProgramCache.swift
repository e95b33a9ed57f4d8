package import Foundation
internal import HRMFiles

/// Compiled programs on disk.
///
/// A file is found by the plug-in, its version, the kinds of devices and processor, the program's
/// text and the options. A damaged file is removed and its program compiled again, since a plug-in
/// may end the process over bytes that it has not written itself.
package struct ProgramCache: Sendable, Hashable {
    /// The folder.
    package var folder: URL
    /// The total size of the files that are kept, in bytes; the oldest are removed.
    package var limit = 4 << 30

    /// Creates a cache.
    ///
    /// - Parameter folder: The folder; it is created when a program is stored.
    package init(folder: URL) {
        self.folder = folder
    }

    /// Creates the user's cache.
    ///
    /// - Parameter environment: `HRM_PROGRAM_CACHE` has the folder, or `off`; otherwise it is
    ///   `hrm/programs` in `XDG_CACHE_HOME` or `~/.cache`.
    package init?(environment: [String: String]) {
        func path(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let chosen = path("HRM_PROGRAM_CACHE") {
            guard chosen != "off" else { return nil }
            self.init(folder: URL(fileURLWithPath: chosen))
            return
        }
        guard let home = path("HOME") ?? path("XDG_CACHE_HOME") else { return nil }
        let base =
            path("XDG_CACHE_HOME").map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: home).appendingPathComponent(".cache")
        self.init(folder: base.appendingPathComponent("hrm/programs"))
    }

    /// The reason for which a stored program is not used.
    struct Refusal: Error, Equatable {
        var reason: String
    }

    private static let signature = "hrm-program 1"

    /// Returns a stored program; nil if there is none.
    ///
    /// - Parameter key: The program's key.
    /// - Returns: The program's bytes.
    /// - Throws: ``Refusal`` if the file is damaged or could be another user's.
    func bytes(of key: String) throws(Refusal) -> Data? {
        let url = url(of: key)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        try checkOwner()
        let content: Data
        do {
            content = try InputFile.small(url, limit: 1 << 31)
        } catch {
            throw Refusal(reason: error.reason)
        }
        guard let end = content.prefix(300).firstIndex(of: 0x0A) else {
            throw Refusal(reason: "it has no first line")
        }
        let fields = String(decoding: content[..<end], as: UTF8.self).split(separator: " ")
        let body = content[(end + 1)...]
        guard fields.count == 5, fields[0] + " " + fields[1] == Self.signature, fields[2] == key,
            Int(fields[3]) == body.count, !body.isEmpty
        else { throw Refusal(reason: "its first line is not that of this program") }
        guard ContentDigest.sha256(of: body) == fields[4] else {
            throw Refusal(reason: "it does not have its checksum")
        }
        return body
    }

    /// Stores a program, and removes the oldest ones beyond the limit.
    ///
    /// - Throws: ``Refusal`` if the folder cannot be written.
    func store(_ bytes: Data, key: String) throws(Refusal) {
        let files = FileManager.default
        do {
            try files.createDirectory(
                at: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw Refusal(reason: FileReason.of(error))
        }
        try checkOwner()
        let digest = ContentDigest.sha256(of: bytes)
        let line = "\(Self.signature) \(key) \(bytes.count) \(digest)\n"
        do {
            try AtomicFile.write(Data(line.utf8) + bytes, to: url(of: key))
        } catch {
            throw Refusal(reason: error.reason)
        }
        removeOldest()
    }

    /// Removes a program.
    func remove(_ key: String) {
        try? FileManager.default.removeItem(at: url(of: key))
    }

    private func url(of key: String) -> URL { folder.appendingPathComponent("\(key).program") }

    /// Checks that nobody else can put programs into the folder, which would run as this user.
    private func checkOwner() throws(Refusal) {
        var facts = stat()
        guard unsafe stat(folder.path, &facts) == 0 else {
            throw Refusal(reason: FileReason.lastCall)
        }
        guard facts.st_uid == geteuid(), facts.st_mode & 0o022 == 0 else {
            throw Refusal(
                reason: "other users can write to \(folder.path); run 'chmod go-w' on it, or set "
                    + "HRM_PROGRAM_CACHE to another folder or to off")
        }
    }

    private func removeOldest() {
        let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey]
        let files =
            (try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: Array(keys))) ?? []
        let programs = files.filter { $0.pathExtension == "program" }.map { url in
            let values = try? url.resourceValues(forKeys: keys)
            return (
                url: url, size: values?.fileSize ?? 0,
                date: values?.contentModificationDate ?? .distantPast
            )
        }.sorted { ($0.date, $0.url.path) > ($1.date, $1.url.path) }
        var total = 0
        for (index, program) in programs.enumerated() {
            total += program.size
            if index > 0, total > limit { try? FileManager.default.removeItem(at: program.url) }
        }
    }
}
