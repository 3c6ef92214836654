// Restart
