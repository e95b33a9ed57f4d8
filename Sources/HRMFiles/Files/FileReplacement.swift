package import Foundation

/// Replaces the content of a file, in the way that suits the current destination.
///
/// | destination | treatment |
/// |---|---|
/// | missing, or a file | a temporary file beside it is written, synchronized and renamed; mode and owner are kept |
/// | a file with further hard links | the same, or written in place so that all links have the new content |
/// | a symbolic link | the target is replaced; the link is kept |
/// | a pipe, a device, a socket, `/dev/stdout`, `/dev/fd/3` | written to; a pipe or socket is refused if other hard links keep the old content |
package enum FileReplacement {
    /// The treatment of a file's other hard links.
    package enum OtherNames: Sendable {
        /// They get the new content; a failure can leave it incomplete.
        case follow
        /// They keep the old content, as copies made by `cp -al` require.
        case keepContent
    }

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - url: The path.
    ///   - otherNames: The treatment of the file's other hard links.
    ///   - failure: Converts a system error to the caller's error type.
    ///   - fill: Writes the content.
    /// - Throws: The error of `fill`, or `failure` of a system error; no temporary file is left.
    package static func write<Failure: Error>(
        to url: URL, otherNames: OtherNames = .follow, failure: (FileProblem) -> Failure,
        fill: (FileHandle) throws(Failure) -> Void
    ) throws(Failure) {
        let place: Place
        do {
            place = try Place(of: url.path, otherNames: otherNames)
        } catch {
            throw failure(error)
        }
        switch place {
        case .name(let target, let status):
            try replace(target, like: status, failure: failure, fill: fill)
        case .open(let descriptor):
            try finish(descriptor, cuts: false, failure: failure, fill: fill)
        case .through(let path, let cuts):
            let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw failure(FileProblem(errorNumber: errno)) }
            try finish(descriptor, cuts: cuts, failure: failure, fill: fill)
        }
    }

    /// The reason a pipe or a device is refused as the destination of a file to be kept.
    package static let notAFile = "it is a pipe, a socket or a device; remove it"

    /// Refuses a destination that cannot be written to, before hours of work depend on it.
    ///
    /// - Parameters:
    ///   - url: The path.
    ///   - otherNames: The treatment of the file's other hard links.
    /// - Throws: ``FileProblem`` with the system's message.
    package static func check(
        _ url: URL, otherNames: OtherNames = .follow
    ) throws(FileProblem) {
        let path: String
        switch try Place(of: url.path, otherNames: otherNames) {
        case .name(let target, _): path = (target as NSString).deletingLastPathComponent
        case .open(let descriptor):
            close(descriptor)
            return
        case .through(let target, _): path = target
        }
        guard access(path.isEmpty ? "." : path, W_OK) == 0 else {
            throw FileProblem(errorNumber: errno)
        }
    }
}

// MARK: - Destinations

extension FileReplacement {
    /// The destination of the bytes.
    private enum Place {
        /// A temporary file that is renamed to this path, with mode and owner of the existing file.
        case name(String, like: stat?)
        /// The file at this path, written in place; a regular file is then truncated to the new
        /// length.
        case through(String, cuts: Bool)
        /// An open descriptor.
        case open(CInt)

        init(of path: String, otherNames: OtherNames) throws(FileProblem) {
            if let number = Self.descriptor(path) {
                let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
                guard copy >= 0 else { throw FileProblem(errorNumber: errno) }
                self = .open(copy)
                return
            }
            let target = try Self.end(ofLinks: path)
            var status = stat()
            guard lstat(target, &status) == 0 else {
                guard errno == ENOENT else { throw FileProblem(errorNumber: errno) }
                self = .name(target, like: nil)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                self =
                    status.st_nlink > 1 && otherNames == .follow
                    ? .through(target, cuts: true) : .name(target, like: status)
            case S_IFDIR: throw FileProblem(errorNumber: EISDIR)
            // A pipe cannot keep a file's content, and opening it might wait for a reader forever.
            case S_IFIFO where otherNames == .keepContent,
                S_IFSOCK where otherNames == .keepContent:
                throw FileProblem(reason: FileReplacement.notAFile)
            default: self = .through(target, cuts: false)
            }
        }

        /// Returns the number of the open descriptor with this path.
        ///
        /// Reopening it instead would write a file that standard output is redirected to from its
        /// start.
        private static func descriptor(_ path: String) -> CInt? {
            switch path {
            case "/dev/stdout": return STDOUT_FILENO
            case "/dev/stderr": return STDERR_FILENO
            default: break
            }
            for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
                return CInt(path.dropFirst(folder.count))
            }
            return nil
        }

        private static let mostLinks = 40

        /// Follows symbolic links at the end of a path; the target need not exist.
        private static func end(ofLinks path: String) throws(FileProblem) -> String {
            var path = path
            for _ in 0..<mostLinks {
                guard
                    let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
                else { return path }
                let folder = (path as NSString).deletingLastPathComponent
                path =
                    next.hasPrefix("/") ? next : (folder as NSString).appendingPathComponent(next)
            }
            throw FileProblem(errorNumber: ELOOP)
        }
    }
}

// MARK: - Writing

extension FileReplacement {
    private static func replace<Failure: Error>(
        _ path: String, like status: stat?, failure: (FileProblem) -> Failure,
        fill: (FileHandle) throws(Failure) -> Void
    ) throws(Failure) {
        let folder = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        let temporary = (folder as NSString).appendingPathComponent(
            ".\(name).\(UUID().uuidString).tmp")
        // A file readable by its owner only must never be readable by others, not even temporarily.
        let descriptor = open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status == nil ? 0o666 : 0o600)
        guard descriptor >= 0 else { throw failure(FileProblem(errorNumber: errno)) }
        if let status {
            // Only the superuser can change the owner; the mode is kept in any case.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
            _ = fchmod(descriptor, status.st_mode & 0o7777)
        }
        do throws(Failure) {
            try finish(descriptor, cuts: false, failure: failure, fill: fill)
            guard rename(temporary, path) == 0 else {
                throw failure(FileProblem(errorNumber: errno))
            }
        } catch {
            unlink(temporary)
            throw error
        }
        try synchronize(folder: folder, failure: failure)
    }

    /// Writes the content, synchronizes it to disk and closes the file.
    private static func finish<Failure: Error>(
        _ descriptor: CInt, cuts: Bool, failure: (FileProblem) -> Failure,
        fill: (FileHandle) throws(Failure) -> Void
    ) throws(Failure) {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        defer { close(descriptor) }
        try fill(handle)
        if cuts {
            let end = lseek(descriptor, 0, SEEK_CUR)
            guard end >= 0, ftruncate(descriptor, end) == 0 else {
                throw failure(FileProblem(errorNumber: errno))
            }
        }
        guard fsync(descriptor) == 0 || cannotSynchronize(errno) else {
            throw failure(FileProblem(errorNumber: errno))
        }
    }

    /// Synchronizes the folder, so that the new name is durable.
    private static func synchronize<Failure: Error>(
        folder: String, failure: (FileProblem) -> Failure
    ) throws(Failure) {
        // A folder may be writable but not readable; the file has its new name in any case.
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || cannotSynchronize(errno) else {
            throw failure(FileProblem(errorNumber: errno))
        }
    }

    /// Returns true for errors of destinations that cannot be synchronized: pipes, devices and some
    /// file systems.
    static func cannotSynchronize(_ number: CInt) -> Bool {
        [EINVAL, ENOTSUP, EROFS].contains(number)
    }
}
