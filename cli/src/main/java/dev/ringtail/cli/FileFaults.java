package dev.ringtail.cli;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// What faults of files mean to a user.
public final class FileFaults {
    private FileFaults() {}

    /// What is wrong, without the file's name: exceptions of java.nio.file say it by their type.
    public static String reason(Exception fault) {
        return switch (fault) {
            case NoSuchFileException e -> "no such file or folder";
            case AccessDeniedException e -> "permission denied";
            case NotDirectoryException e -> "not a folder";
            case FileSystemLoopException e -> "too many symbolic links";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case CharacterCodingException e -> "not UTF-8";
            default -> {
                String message = fault.getMessage();
                yield message == null ? fault.getClass().getSimpleName() : message;
            }
        };
    }
}
