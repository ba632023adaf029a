"""Work that runs together: what each part of it calls, whether its errors get out, how many parts there are."""
