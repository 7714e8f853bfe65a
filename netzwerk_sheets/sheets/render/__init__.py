"""How the tabs of the network shall look: one module for each kind of tab, all pure."""
