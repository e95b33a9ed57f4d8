public import HRMFiles

/// Draws a puzzle of an evaluation after a step, for the event file of a run; this module knows no
/// pictures itself.
public typealias SampleDrawing = (_ prediction: Evaluator.Prediction, _ step: Int) -> PNGPicture?
