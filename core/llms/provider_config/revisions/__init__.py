"""Every version that a configuration, parameters or a template ever had: history, differences, and the way back."""
