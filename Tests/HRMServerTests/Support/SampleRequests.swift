/// A small valid request for each route with a body.
enum SampleRequests {
    private static let sudoku = "1...........4..2"
    private static let task =
        #"{"name": "tiny", "train": [{"input": [[0, 1]], "output": [[1, 0]]}, "#
        + #"{"input": [[1, 1]], "output": [[0, 0]]}], "test": [{"input": [[1, 0]]}]}"#

    /// The paths and the bodies.
    static let all: [(path: String, body: String)] = [
        ("/v1/solve", #"{"puzzle": "\#(sudoku)", "options": {"thinking_steps": 2, "votes": 2}}"#),
        ("/v1/thoughts", #"{"puzzle": "\#(sudoku)", "options": {"thinking_steps": 2}}"#),
        ("/v1/check", #"{"puzzle": "\#(sudoku)", "task": {"kind": "sudoku", "rows": 4}}"#),
        (
            "/v1/generate",
            #"{"kind": "sudoku", "box_rows": 2, "box_columns": 2, "givens": 9, "seed": 3}"#
        ),
        (
            "/v1/hint",
            #"{"puzzle": "\#(sudoku)", "candidates": [1, 2, 4, 8, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}"#
        ),
        ("/v1/export", #"{"puzzle": "\#(sudoku)", "format": "svg", "thinking": "steps"}"#),
        (
            "/v1/arc/check",
            #"{"text": "\#(task.replacing("\"", with: "\\\""))", "name": "a"}"#
        ),
        ("/v1/arc/solve", #"{"task": \#(task), "model": "file:model.safetensors"}"#),
        ("/v1/arc/learn", #"{"task": \#(task), "steps": 2, "seed": 1}"#),
        ("/v1/completions", #"{"prompt": "one", "max_tokens": 3, "stop": ["a"]}"#),
    ]
}
