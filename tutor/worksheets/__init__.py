"""Worksheets: which problems stand on a sheet, for whom, and in what layout. Media are in `tutor.render.sheets`."""
